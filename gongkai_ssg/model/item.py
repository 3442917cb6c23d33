"""An item (政府信息): one Markdown file and its front matter. The class is the schema and the manual."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from gongkai_ssg.model.dates import Day, Effective, Expires, Moment
from gongkai_ssg.model.schema import Schema, bad, key
from gongkai_ssg.model.values import (
    Disclosure,
    Flag,
    Form,
    Kind,
    Listed,
    Names,
    Role,
    Stage,
    State,
    Text,
    Texts,
    Topic,
    Url,
    Words,
)


class Reference(Schema):
    """One end of a relation: an item of this site by ``code``, or a document outside it by ``title``."""

    code: Text | None = key("索引号", doc="本站条目的索引号。", default=None)
    title: Text | None = key("标题", "名称", doc="站外文件的标题。", default=None)
    doc_number: Text | None = key("发文字号", "文号", doc="站外文件的发文字号。", default=None)
    url: Url | None = key("网址", doc="站外文件的网址,http 或 https。", default=None)
    scope: Text | None = key("范围", doc="只涉及一部分时,写明哪一部分,如“第三条”。", default=None)
    from_: Day | None = Field(
        None, alias="from", description="关系自何日起成立;默认为本条目的施行日期。", json_schema_extra={"names": ["起"]}
    )


def _reference(value: object) -> object:
    if isinstance(value, str):
        return {"code": value.strip()}
    if isinstance(value, dict) and not value.get("code") and not value.get("title"):
        raise bad("GK105", wanted="reference")
    return value


References = Listed[Annotated[Reference, BeforeValidator(_reference)]]


class Attachment(Schema):
    """A file beside or below the item's own."""

    file: Text = key("文件", doc="文件名,可带下级文件夹,用“/”分隔。")
    title: Text | None = key("标题", "名称", doc="页面上显示的名称;默认为文件名。", default=None)
    role: Role = key("作用", "类型", doc="附件的作用。", default="附件")


def _attachment(value: object) -> object:
    return {"file": value} if isinstance(value, str) else value


class Consult(Schema):
    """Whom a citizen asks about the item."""

    office: Text | None = key("科室", "单位", doc="咨询科室。", default=None)
    phone: Text | None = key("电话", "联系电话", doc="咨询电话。", default=None)
    hours: Text | None = key("时间", "办公时间", doc="接听时间。", default=None)


def _consult(value: object) -> object:
    return {"phone": value} if isinstance(value, str) else value


class Channel(Schema):
    """Another place where the item was published."""

    channel: Text = key("渠道", "名称", doc="公开的渠道,如“政府公报”。")
    date: Day | None = key("日期", doc="在该渠道公开的日期。", default=None)
    url: Url | None = key("网址", doc="网址。", default=None)


def _channel(value: object) -> object:
    return {"channel": value} if isinstance(value, str) else value


class Withhold(Schema):
    """Why an item is not disclosed of the organ's own accord (条例 art. 13 to 16, 18)."""

    article: Text = key("依据", doc="法律依据,写到条款。")
    reason: Text = key("理由", doc="不公开的理由。")
    review_by: Day = key("复核日期", doc="最迟何时重新评估。")


class Correction(Schema):
    """A mistake that was mended after publication."""

    date: Day = key("日期", doc="更正日期。")
    what: Text = key("内容", doc="更正了什么。")
    reason: Text | None = key("原因", doc="更正原因。", default=None)


class Withdrawal(Schema):
    """The item was taken back; a page that says so remains."""

    date: Day = key("日期", doc="撤回日期。")
    reason: Text = key("原因", doc="撤回原因。")
    basis: Text | None = key("依据", doc="撤回依据。", default=None)


class Review(Schema):
    """One step of the review before publication; never written out."""

    stage: Text = key("环节", doc="审核环节:初审、复审、终审、保密审查等。")
    by: Text = key("审核人", doc="审核人。")
    date: Day = key("日期", doc="审核日期。")


class Allowance(Schema):
    """Lets one finding pass, on record; never written out."""

    rule: Text = key("规则", doc="问题编号,如 GK110。")
    reason: Text = key("理由", doc="放行的理由。")


class Item(Schema):
    """The front matter of an item."""

    title: Text = key("标题", "名称", doc="主标题。")
    code: Text = key("索引号", doc="终身不变,全站唯一(不分大小写,含草稿);其中的年份是成文年份;网页地址由它而来。")
    category: Text = key("类别", "组配分类", doc="所属类别的编号或路径,只在此计数。")
    also: Texts = key("同时归入", doc="还列在哪些类别,不重复计数。", factory=list)
    kind: Kind | None = key("信息类型", doc="信息的类型;默认取类别所定。", default=None)
    date: Moment = key("发布日期", doc="何时发布;晚于今天则暂不发布。")
    formed: Day | None = key("成文日期", "生成日期", doc="何时成文;默认为发布日期。", default=None)
    promulgated: Day | None = key("公布日期", doc="何时公布。", default=None)
    updated: Moment | None = key("更新日期", doc="最近更新;用于订阅和站点地图。", default=None)
    unit: Text | None = key("发布机构", doc="机构编号或全称;默认为 items 下第一级文件夹。", default=None)
    issuers: Names = key("发文机关", doc="发文机关的编号或名称,牵头的在前;默认为发布机构。", factory=list)
    doc_number: Text | None = key("发文字号", "文号", doc="如“青政〔2024〕5号”“令第3号”,没有则写“无”。", default=None)
    summary: Text | None = key("内容概述", doc="一两句话说清内容;默认取正文开头。", default=None)
    topic: Topic | None = key("主题分类", doc="国务院主题分类,写“一级/二级”。", default=None)
    genre: Text | None = key("体裁", doc="公文种类,如“通知”。", default=None)
    keywords: Words = key("关键词", "主题词", doc="关键词。", factory=list)
    source: Text | None = key("信息来源", doc="信息来源;默认为发布机构名称。", default=None)
    section: Text | None = key("责任科室", doc="负责的科室。", default=None)
    consult: Annotated[Consult | None, BeforeValidator(_consult)] = key("咨询", doc="咨询方式。", default=None)
    audience: Words = key("服务对象", doc="对谁有用。", factory=list)
    areas: Words = key("涉及区域", doc="涉及的乡镇、村、社区。", factory=list)
    stage: Stage | None = key("五公开", doc="决策、执行、管理、服务、结果之一。", default=None)
    channels: Listed[Annotated[Channel, BeforeValidator(_channel)]] = key(
        "公开形式", doc="还在何处公开。", factory=list
    )
    disclosure: Disclosure = key("公开方式", doc="只有主动公开的才会发布。", default="主动公开")
    withhold: Withhold | None = key("不公开理由", doc="不主动公开时必填。", default=None)
    effective: Effective | None = key(
        "施行日期", doc="何时施行:日期、“自发布之日起”或“自发布之日起30日后”。", default=None
    )
    expires: Expires | None = key("有效期至", doc="最后一个有效日:日期、“长期”或“5年”。", default=None)
    repealed: Day | None = key("废止日期", doc="自何日起废止。", default=None)
    status: State | None = key("有效性", doc="一般不填,由各日期和关系算出。", default=None)
    status_basis: Text | None = key("认定依据", doc="人工认定有效性的依据,如清理文件。", default=None)
    interprets: References = key("解读", doc="本条解读哪个文件。", factory=list)
    replaces: References = key("替代", doc="本条替代哪个文件。", factory=list)
    amends: References = key("修改", doc="本条修改哪个文件。", factory=list)
    repeals: References = key("废止文件", doc="本条废止哪个文件。", factory=list)
    suspends: References = key("暂停", doc="本条暂停施行哪个文件。", factory=list)
    prolongs: References = key("延长", doc="本条延长哪个文件的有效期。", factory=list)
    forwards: References = key("转发", doc="本条转发或印发哪个文件。", factory=list)
    corrects: References = key("更正", doc="本条更正哪个文件。", factory=list)
    version_of: References = key("修订文本", doc="本条是哪个文件的修订文本。", factory=list)
    part_of: References = key("附件所属", doc="本条是哪个文件的附件。", factory=list)
    draft_of: References = key("征求意见稿", doc="本条是哪个文件的征求意见稿。", factory=list)
    feedback_on: References = key("意见反馈", doc="本条反馈哪次征求意见的结果。", factory=list)
    basis: References = key("依据", doc="本条的依据。", factory=list)
    related: References = key("相关", doc="相关文件。", factory=list)
    form: Form | None = key("解读形式", doc="解读的形式。", default=None)
    attachments: Listed[Annotated[Attachment, BeforeValidator(_attachment)]] = key(
        "附件", doc="附件文件,放在本文件同一文件夹或其下级。", factory=list
    )
    corrections: Listed[Correction] = key("更正记录", doc="发布后改正了什么,页面上显示。", factory=list)
    withdrawn: Withdrawal | None = key("撤回", doc="撤回后只留说明页,索引号不再使用。", default=None)
    public_until: Day | None = key("公示截止", doc="公示的最后一天;次日起只留标题和期限。", default=None)
    comments_until: Day | None = key(
        "征集截止", "意见征集截止", doc="征求意见的最后一天;此后正文仍在,只是不再列为正在征求。", default=None
    )
    objection: Text | None = key("异议渠道", doc="公示期内如何提出异议。", default=None)
    review: Listed[Review] = key("审核", doc="审核记录,从不发布。", factory=list)
    aliases: Texts = key("旧地址", doc="旧网址,以 .html、.htm 或 / 结尾,自动跳转。", factory=list)
    publish_at: Day | None = key("定时发布", doc="到这一天才发布。", default=None)
    draft: Flag = key("草稿", doc="草稿不发布。", default=False)
    legacy_codes: Texts = key("原索引号", doc="旧系统的索引号,可供检索。", factory=list)
    allow: Listed[Allowance] = key("豁免", doc="放行某一个问题,记录在案,从不发布。", factory=list)
    extra: dict[str, Any] = key("其他", doc="任意内容,交给模板。", factory=dict)


RELATIONS: tuple[str, ...] = (
    "interprets",
    "replaces",
    "amends",
    "repeals",
    "suspends",
    "prolongs",
    "forwards",
    "corrects",
    "version_of",
    "part_of",
    "draft_of",
    "feedback_on",
    "basis",
    "related",
)
"""The keys of an item that name other documents."""

PRIVATE = frozenset({"review", "allow", "withhold"})
"""Keys that are read and checked but never leave the repository."""

TERMINAL: frozenset[str] = frozenset({"失效", "废止"})
"""States a document does not come back from."""

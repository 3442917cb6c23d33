"""A site with something of every kind: units with history, guides, files, relations, what was withdrawn or has ended."""

from tests.site import item

CODE = "000001011"
ODD = "'<b>“引号\"与&符号'"
BODY = "## 一、总则\n\n正文[^1]。\n\n[^1]: 注。\n\n## 二\n\n### 三\n\n## 四\n\n![图](图.png)\n\n::: 音频 录音.mp3 发布会\n:::"
RICH = f"""
-- config.yaml --
site:
  title: 测试县人民政府信息公开
  url: https://www.example.gov.cn/zfxxgk/
  id_code: "3415990001"
  organizer: 测试县人民政府办公室
  undertaker: 测试县大数据局
  contact: 电话 0564-5550116
  icp: 测ICP备1号
  police_record: 测公网安备2号
  party_mark: https://bszs.conac.cn/x
  report_error: https://zfwzzc.www.gov.cn/
-- content/units.yaml --
- {{id: xzf, name: 测试县人民政府, short_name: 县政府, code: "{CODE}", kind: government, aliases: [old/gov.html]}}
- id: czj
  name: 测试县财政局
  code: 00000102X
  kind: department
  parent: xzf
  names: [{{name: 测试县财政国资局, to: 2024-04-30}}]
  contact: {{office: 办公室, phone: 0564-5550509}}
- {{id: xczxj, name: 测试县乡村振兴局, code: "000001038", kind: department, parent: xzf, until: 2024-08-31, successors: [nyj]}}
- {{id: nyj, name: 测试县农业农村局, code: "000001046", kind: department, parent: xzf}}
- {{id: empty, name: 测试县气象局, code: "000001054", kind: vertical}}
-- content/catalog.yaml --
- id: zcwj
  name: 政策文件
  description: 各类文件
  article: 第二十条第（一）项
  aliases: [old/files/]
  children:
    - {{id: gfxwj, name: 行政规范性文件, kind: 行政规范性文件, library: true}}
    - {{id: qtwj, name: 其他文件, kind: 其他公文}}
- {{id: zcjd, name: 政策解读, kind: 解读}}
- {{id: wu, name: 没有信息的类别}}
-- content/guides/site/guide.md --
---
title: 公开指南
type: 指南
date: 2024-01-05
---

## 一、范围

见[政策](../../items/xzf/1.md#一总则)和[本页](#一范围)。
-- content/guides/site/zhidu.md --
---
title: 公开制度
type: 制度
---

正文。
-- content/guides/site/ysq.md --
---
title: 申请须知
type: 依申请公开
---

正文。
-- content/guides/czj/guide.md --
---
title: 财政局指南
type: 指南
---

正文。
-- content/guides/czj/banshi.md --
---
title: 财政办事
type: 办事指南
---

正文。
-- content/items/xzf/1.md --
{
    item(
        "00001",
        title="管理办法",
        category="gfxwj",
        doc_number="测政〔2024〕1号",
        topic="财政、金融、审计/财政",
        keywords="[办法, 管理]",
        summary="概述一句",
        date="2024-03-01 09:30",
        attachments="[表 格.pdf]",
        aliases="[old/1.html, old/dir/]",
        source="县司法局",
        body=BODY,
    )
}
-- content/items/xzf/表 格.pdf --
%PDF
-- content/items/xzf/图.png --
x
-- content/items/xzf/录音.mp3 --
x
-- content/items/xzf/2.md --
{
    item(
        "00002",
        title="解读一篇",
        category="zcjd",
        interprets=f'["{CODE}/2024-00001"]',
        date="2024-03-02",
        also="[qtwj]",
    )
}
-- content/items/czj/3.md --
{
    item(
        "00003",
        title="财政一篇",
        category="qtwj",
        date="2024-03-03",
        repeals=f'["{CODE}/2024-00001"]',
        effective="2025-01-01",
    )
}
-- content/items/czj/4.md --
{item("00004", title="撤回一篇", category="qtwj", date="2024-03-04", withdrawn="{date: 2024-05-01, reason: 误发}")}
-- content/items/xczxj/5.md --
{item("00005", title="振兴一篇", category="qtwj", date="2024-03-05", public_until="2024-08-01")}
-- content/items/xzf/6.md --
{item("00006", title=ODD, category="qtwj", date="2024-03-06", related=f'["{CODE}/2024-00004"]')}
"""

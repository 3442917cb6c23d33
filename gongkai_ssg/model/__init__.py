"""The domain: items, units, catalog, codes, validity. No module here touches disk, network or clock."""

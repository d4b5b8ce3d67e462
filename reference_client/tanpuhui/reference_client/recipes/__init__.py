"""从业务数据到记录 / From the data of a business system to records, one recipe for each scheme."""

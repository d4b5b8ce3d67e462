"""规则的第二个编译器 / The second compiler of the law's rules: the same texts as SQL over many records at once."""

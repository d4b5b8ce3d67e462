"""对文件中的记录批量执行质量规则 / The quality rules run over records in files, in bounded memory."""

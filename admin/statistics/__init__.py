"""The statistics as people see and take them: in words, in files, in a folder every night."""

module clear-misses-retired-array

go 1.21

module reseeded-iterator-duplicate

go 1.19

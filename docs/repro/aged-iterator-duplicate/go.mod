module aged-iterator-duplicate

go 1.19

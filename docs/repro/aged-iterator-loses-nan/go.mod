module aged-iterator-loses-nan

go 1.19

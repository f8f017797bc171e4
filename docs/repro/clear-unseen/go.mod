module clear-unseen

go 1.19

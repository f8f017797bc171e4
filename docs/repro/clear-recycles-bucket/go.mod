module clear-recycles-bucket

go 1.19

module load-and-delete-leak

go 1.15

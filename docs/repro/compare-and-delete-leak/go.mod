module leak

go 1.20

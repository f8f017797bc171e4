module wiped-under-iterator

go 1.19

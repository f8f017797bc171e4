module mapcheck.example/go-recorder

go 1.23

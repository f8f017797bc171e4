module mapcheck/recorder

go 1.18

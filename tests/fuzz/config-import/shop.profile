[Profile]
id=0f8fad5b-d9cb-469f-a165-70867728950e
name=Shop

[Connection]
host=ws.example
port=6001

# Being a file, this gives what it runs a script scope of its own: $script:x of one test file is not seen by the next.
$args[0].Invoke()

// What the build of the user's project must have shown: its tests ran, and its pipeline printed the words.
List<String> lines = new File(basedir, 'build.log').readLines()
assert lines.any { it.contains('Tests run: 2, Failures: 0, Errors: 0') }
assert lines.findAll { it ==~ /\w+ \d/ } == ['be 2', 'to 2', 'is 1', 'not 1', 'or 1', 'question 1', 'that 1', 'the 1']

// What the build of the user's project must have shown: its tests ran, and its pipeline printed the words.
String log = new File(basedir, 'build.log').text
assert log.contains('Tests run: 2, Failures: 0, Errors: 0')
assert log =~ /(?m)^be 2\R^to 2\R^is 1\R/

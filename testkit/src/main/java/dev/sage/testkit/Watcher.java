package dev.sage.testkit;

import java.util.List;

/** Sees one kind of thing that a test may leave behind. What is there when it is made does not count. */
interface Watcher {
    /** What is there now and was not there before, in words, one line or more each. */
    List<String> leaks();
}

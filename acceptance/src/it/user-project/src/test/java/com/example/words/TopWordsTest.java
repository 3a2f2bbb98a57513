package com.example.words;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.api.KeyValue;
import dev.sage.api.LocalEnvironment;
import dev.sage.testkit.LifecycleProbe;
import dev.sage.testkit.SageTest;
import java.nio.file.Path;

class TopWordsTest {

    @SageTest
    void countsTheWordsOfAFile(LocalEnvironment env) throws Exception {
        assertThat(TopWords.count(env, Path.of("words.txt")))
                .hasSize(8)
                .startsWith(new KeyValue<>("be", 2L), new KeyValue<>("to", 2L));
    }

    @SageTest(settings = "sage.exchange.batch-records=1")
    void leavesNoServiceBehind(LocalEnvironment env, LifecycleProbe probe) throws Exception {
        env.service("index", probe.service("index"));
        TopWords.count(env, Path.of("words.txt"));
        assertThat(probe.life("index")).livedWholly();
    }
}

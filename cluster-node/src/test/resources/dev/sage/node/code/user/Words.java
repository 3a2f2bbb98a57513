package user;

import dev.sage.api.Environment;
import dev.sage.api.InputFiles;
import dev.sage.api.MapFunction;
import dev.sage.api.PerInstance;
import dev.sage.api.Service;
import dev.sage.api.ServiceContext;
import dev.sage.api.ServiceDeclaration;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import library.Greeting;

/** Counts words of JSON lines, with all that a user's program may have. */
public final class Words {
    private Words() {}

    /** Not Serializable, as most records. */
    public record Word(String text, long number) {}

    public record Counted(Word word, long times) {}

    public interface Adding {
        long add(long number) throws Exception;
    }

    public static final class Total implements Service {
        private final AtomicLong total = new AtomicLong();
        private String greeting = "";

        @Override
        public void init(ServiceContext context) {
            greeting = Greeting.greeted("service");
        }

        public long add(long number) {
            if (!greeting.equals("dear service")) {
                throw new IllegalStateException(greeting);
            }
            return total.addAndGet(number);
        }
    }

    public static final class Longer implements MapFunction<Word, Word> {
        @Override
        public Word apply(Word word) {
            return new Word(word.text() + "!", word.number());
        }
    }

    public static void build(Environment env, String file) {
        Word captured = new Word("captured", 1);
        ServiceDeclaration<Total> total = env.service("total", Total::new).concurrent(4);
        Adding adding = total.as(Adding.class);
        class Marked implements MapFunction<Word, Word> {
            @Override
            public Word apply(Word word) {
                return new Word(word.text() + "/" + captured.text(), word.number());
            }
        }
        env.fromJsonLines(InputFiles.of(Path.of(file)), Word.class)
                .map(word -> new Word(Greeting.greeted(word.text()), word.number()))
                .map(new Marked())
                .map(PerInstance.of(Longer::new))
                .mapAsync(2, word -> {
                    Greeting.greeted("elsewhere");
                    return word;
                })
                .keyBy(Word::text)
                .count()
                .map(count -> {
                    adding.add(count.value());
                    total.call("add", 0L);
                    return new Counted(new Word(count.key(), 0), count.value());
                })
                .name("counted")
                .collect();
        env.fromRange(0, 2).print("n=");
    }
}

package dev.sage.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sage.api.LocalEnvironment;
import java.lang.reflect.Field;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.apache.pekko.actor.ActorPath;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.PoisonPill;
import org.apache.pekko.actor.typed.javadsl.Adapter;

/** Kills actors of an environment by their paths, as a defect of the runtime would. */
final class Actors {
    private Actors() {}

    /** For example {@code task_1234abcd_1_map/0}. Does not wait; nobody there is no error. */
    static void kill(LocalEnvironment env, String name) throws Exception {
        ActorSystem system = system(env);
        ActorPath user = system.provider().rootPath().child("user");
        system.actorSelection(user.child(encoded(name))).tell(PoisonPill.getInstance(), null);
    }

    private static String encoded(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8);
    }

    private static ActorSystem system(LocalEnvironment env) throws Exception {
        Object node = field(env, "node");
        Object system = field(node, "system");
        assertThat(system).isInstanceOf(org.apache.pekko.actor.typed.ActorSystem.class);
        return Adapter.toClassic((org.apache.pekko.actor.typed.ActorSystem<?>) system);
    }

    private static Object field(Object owner, String name) throws Exception {
        Field field = owner.getClass().getDeclaredField(name);
        field.setAccessible(true);
        return field.get(owner);
    }
}

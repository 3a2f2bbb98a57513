package dev.sage.runtime.core.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A sorted map that never changes: a change makes another one that shares all but the path to the key with it, so that a
 * change of one among many thousands costs as much as one of a few. It is a treap: a search tree by key that is a heap by
 * a hash of the key, which keeps it balanced (Seidel and Aragon, Randomized search trees, 1996).
 */
final class SortedTree<K extends Comparable<? super K>, V> {
    private record Node<K, V>(
            K key,
            V value,
            int weight,
            int size,
            @Nullable Node<K, V> left,
            @Nullable Node<K, V> right) {

        static <K, V> Node<K, V> of(K key, V value) {
            return new Node<>(key, value, mixed(key.hashCode()), 1, null, null);
        }

        Node<K, V> with(@Nullable Node<K, V> newLeft, @Nullable Node<K, V> newRight) {
            return new Node<>(key, value, weight, 1 + sizeOf(newLeft) + sizeOf(newRight), newLeft, newRight);
        }

        Node<K, V> with(V newValue) {
            return new Node<>(key, newValue, weight, size, left, right);
        }
    }

    private final @Nullable Node<K, V> root;

    private SortedTree(@Nullable Node<K, V> root) {
        this.root = root;
    }

    static <K extends Comparable<? super K>, V> SortedTree<K, V> empty() {
        return new SortedTree<>(null);
    }

    int size() {
        return sizeOf(root);
    }

    boolean isEmpty() {
        return root == null;
    }

    boolean contains(K key) {
        return get(key) != null;
    }

    @Nullable
    V get(K key) {
        Node<K, V> node = root;
        while (node != null) {
            int order = key.compareTo(node.key);
            if (order == 0) {
                return node.value;
            }
            node = order < 0 ? node.left : node.right;
        }
        return null;
    }

    SortedTree<K, V> put(K key, V value) {
        return new SortedTree<>(put(root, key, value));
    }

    /** This one when there is no such key. */
    SortedTree<K, V> remove(K key) {
        return contains(key) ? new SortedTree<>(remove(root, key)) : this;
    }

    @Nullable
    K firstKey() {
        Node<K, V> node = root;
        while (node != null && node.left != null) {
            node = node.left;
        }
        return node == null ? null : node.key;
    }

    /** The smallest key above this one. */
    @Nullable
    K higherKey(K key) {
        Node<K, V> node = root;
        K higher = null;
        while (node != null) {
            if (key.compareTo(node.key) < 0) {
                higher = node.key;
                node = node.left;
            } else {
                node = node.right;
            }
        }
        return higher;
    }

    /** In the order of the keys. */
    void forEach(BiConsumer<? super K, ? super V> action) {
        forEach(root, action);
    }

    List<K> keys() {
        List<K> keys = new ArrayList<>(size());
        forEach((key, value) -> keys.add(key));
        return keys;
    }

    List<V> values() {
        List<V> values = new ArrayList<>(size());
        forEach((key, value) -> values.add(value));
        return values;
    }

    private static <K, V> void forEach(@Nullable Node<K, V> node, BiConsumer<? super K, ? super V> action) {
        if (node != null) {
            forEach(node.left, action);
            action.accept(node.key, node.value);
            forEach(node.right, action);
        }
    }

    private static <K extends Comparable<? super K>, V> Node<K, V> put(@Nullable Node<K, V> node, K key, V value) {
        if (node == null) {
            return Node.of(key, value);
        }
        int order = key.compareTo(node.key);
        if (order == 0) {
            return node.with(value);
        }
        if (order < 0) {
            Node<K, V> left = put(node.left, key, value);
            return left.weight > node.weight
                    ? left.with(left.left, node.with(left.right, node.right))
                    : node.with(left, node.right);
        }
        Node<K, V> right = put(node.right, key, value);
        return right.weight > node.weight
                ? right.with(node.with(node.left, right.left), right.right)
                : node.with(node.left, right);
    }

    private static <K extends Comparable<? super K>, V> @Nullable Node<K, V> remove(@Nullable Node<K, V> node, K key) {
        if (node == null) {
            return null;
        }
        int order = key.compareTo(node.key);
        if (order == 0) {
            return joined(node.left, node.right);
        }
        return order < 0
                ? node.with(remove(node.left, key), node.right)
                : node.with(node.left, remove(node.right, key));
    }

    /** All keys of the one are below all keys of the other. */
    private static <K, V> @Nullable Node<K, V> joined(@Nullable Node<K, V> low, @Nullable Node<K, V> high) {
        if (low == null || high == null) {
            return low == null ? high : low;
        }
        return low.weight > high.weight
                ? low.with(low.left, joined(low.right, high))
                : high.with(joined(low, high.left), high.right);
    }

    private static int sizeOf(@Nullable Node<?, ?> node) {
        return node == null ? 0 : node.size;
    }

    /** Spreads the hashes of keys that come one after the other (the finalizer of MurmurHash3). */
    private static int mixed(int hash) {
        int h = hash;
        h = (h ^ (h >>> 16)) * 0x85ebca6b;
        h = (h ^ (h >>> 13)) * 0xc2b2ae35;
        return h ^ (h >>> 16);
    }
}

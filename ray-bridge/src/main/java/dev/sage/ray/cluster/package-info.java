/**
 * The Ray that Sage works with: which Python has it, how a cluster is started, connected to, watched and ended. It knows no
 * actors and links nothing of Ray.
 */
@NullMarked
package dev.sage.ray.cluster;

import org.jspecify.annotations.NullMarked;

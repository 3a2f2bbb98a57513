/**
 * Services while they run: the cell that holds the user's object and lets calls through, and the actor that takes it
 * through its life. The Service actor owns the cell's life-cycle; callers go straight to the cell, on their own threads.
 */
@NullMarked
package dev.sage.runtime.service;

import org.jspecify.annotations.NullMarked;

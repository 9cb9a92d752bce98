/** A player answered with something that cannot be played: it loses the game, unlike one that fails. */
export class IllegalMoveError extends Error {}

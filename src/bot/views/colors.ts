/**
 * The bars of cards. Red: a person must act now. Violet: a warning, which a person should act on. Amber: somebody does, or must. Blue: it
 * goes on by itself.
 */
export const COLOR = { red: '#c62828', violet: '#8e5bbf', amber: '#e09f1f', grey: '#8a8d91', green: '#2e7d4f', blue: '#31699c' } as const

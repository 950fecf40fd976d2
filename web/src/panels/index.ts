// Panels that plug into the shell. Each module defines its element: rewas-candidates, rewas-tracks, rewas-references, rewas-conversation,
// rewas-sign-in. The shell shows those that are defined.
export {};

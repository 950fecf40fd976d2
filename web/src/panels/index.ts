// Panels that plug into the shell. Each module defines its element; the shell shows those that are defined.
import "./candidates.ts";
import "./tracks.ts";
import "./references.ts";
import "./conversation.ts";
import "./signIn.ts";

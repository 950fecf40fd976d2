import "./style/tokens.css";
import "./style/controls.css";
import "./style/page.css";
import "./style/desk.css";
import "./style/panels.css";
import "./panels/index.ts";
import { theme } from "./shell/theme.ts";
import "./shell/start.ts";
import "./shell/films.ts";
import "./shell/keys.ts";
import "./shell/share.ts";
import "./desk/desk.ts";
import "./render/words.ts";
import "./render/export.ts";
import "./shell/shell.ts";

theme.apply();

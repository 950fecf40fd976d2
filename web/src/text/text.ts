import { Changes } from "../changes.ts";
import { chinese } from "./chinese.ts";
import { english } from "./english.ts";

/** The shape of a table of texts: that of the English one. */
export type Texts = {
  [Part in keyof typeof english]: {
    [Key in keyof (typeof english)[Part]]: (typeof english)[Part][Key] extends (...given: infer Given) => string
      ? (...given: Given) => string
      : string;
  };
};

const tables = { en: english as Texts, zh: chinese };
export type LanguageName = keyof typeof tables;
export const languageNames: Readonly<Record<LanguageName, string>> = { en: "English", zh: "中文" };

const key = "rewas.language";

/** The language of the page: the user's choice, else that of the browser if there are texts for it. */
class Language extends Changes {
  #name: LanguageName = "en";

  constructor() {
    super();
    const wanted = [localStorage.getItem(key) ?? "", ...navigator.languages].map(name => name.slice(0, 2));
    this.#name = (wanted.find(name => name in tables) as LanguageName | undefined) ?? "en";
    document.documentElement.lang = this.#name;
  }

  get name(): LanguageName {
    return this.#name;
  }

  choose(name: LanguageName): void {
    this.#name = name;
    localStorage.setItem(key, name);
    document.documentElement.lang = name;
    this.changed();
  }
}

export const language = new Language();

/** The texts in the language of the page. */
export const text = (): Texts => tables[language.name];

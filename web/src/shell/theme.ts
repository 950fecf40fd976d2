const key = "rewas.theme";

/** Dark unless the user has chosen light: a picture is judged against dark. */
export const theme = {
  apply(): void {
    document.documentElement.dataset["theme"] = localStorage.getItem(key) === "light" ? "light" : "dark";
  },

  toggle(): void {
    localStorage.setItem(key, document.documentElement.dataset["theme"] === "light" ? "dark" : "light");
    theme.apply();
    dispatchEvent(new Event("themechange"));
  },
};

namespace Rewas.Text;

/// <summary>
/// Takes the accents off Latin letters, which the sentence encoder's vocabulary does not have. Unicode tables are absent where
/// globalization is invariant, as it is here.
/// </summary>
static class Accents
{
    const char First = '\u00C0';

    /// <summary>For each letter from U+00C0 to U+017F the one without accents, by its canonical decomposition.</summary>
    const string Plain =
        "AAAAAAÆCEEEEIIIIÐNOOOOO×ØUUUUYÞßaaaaaaæceeeeiiiiðnooooo÷øuuuuyþy" +
        "AaAaAaCcCcCcCcDdĐđEeEeEeEeEeGgGgGgGgHhĦħIiIiIiIiIıĲĳJjKkĸLlLlLlĿ" +
        "ŀŁłNnNnNnŉŊŋOoOoOoŒœRrRrRrSsSsSsSsTtTtŦŧUuUuUuUuUuUuWwYyYZzZzZzſ";

    public static string Remove(ReadOnlySpan<char> text) =>
        string.Create(text.Length, text, static (plain, text) =>
        {
            for (var i = 0; i < text.Length; i++)
                plain[i] = text[i] - First is >= 0 and var at && at < Plain.Length ? Plain[at] : text[i];
        });
}

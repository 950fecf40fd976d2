namespace Rewas.Text;

/// <summary>
/// Removes accents from Latin letters, because the sentence encoder's vocabulary has none. Unicode tables cannot do it, because
/// globalization is invariant here.
/// </summary>
static class Accents
{
    const char First = '\u00C0';

    /// <summary>The unaccented letter for each letter from U+00C0 to U+017F, by canonical decomposition.</summary>
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

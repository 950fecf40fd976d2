namespace Rewas.Clip.Output;

/// <summary>
/// Text from outside as it may be printed. A control character could fake a line or steer the terminal. A mark of the direction of
/// writing could make one file name look like another.
/// </summary>
public static class PlainText
{
    /// <summary>One line: each such character, and each end of a line, becomes '?'.</summary>
    public static string Of(string text) => text.All(IsPlain) ? text : string.Concat(text.Select(c => IsPlain(c) ? c : '?'));

    /// <summary>False for control characters (C0, DEL, C1), separators of lines, and marks of the direction of writing.</summary>
    public static bool IsPlain(char c) => !char.IsControl(c) && c is not (
        '\u2028' or '\u2029' or '\u061c' or '\u200e' or '\u200f' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069'));
}

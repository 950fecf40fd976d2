using System.Text.RegularExpressions;

namespace Rewas.Library.Words;

/// <summary>
/// A file name in the Universal Category System: CatID[-UserCategory]_FXName_CreatorID_SourceID[_UserData]. An example is DOORWood_Knock
/// Slow_ABC_House.wav.
/// </summary>
/// <param name="Category">Words of the CatID.</param>
/// <param name="Name">User category and FX name, unchanged.</param>
/// <param name="Others">Creator, source and user data. They do not describe the sound.</param>
sealed partial record UcsName(IReadOnlyList<string> Category, string Name, IReadOnlyList<string> Others)
{
    /// <param name="stem">The file name without extension.</param>
    /// <returns>Null if the name does not follow the system.</returns>
    public static UcsName? Parse(string stem)
    {
        var parts = stem.Split('_', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (parts.Length < 2 || CatIdPattern().Match(parts[0]) is not { Success: true } match)
            return null;
        return UcsCategories.Words(match.Groups[1].Value, match.Groups[2].Value) is { } category
            ? new(category, $"{match.Groups[3].Value} {parts[1]}".Trim(), parts[2..])
            : null;
    }

    /// <summary>Capitals, then a capital with small letters: DOORWood. A user category may follow after a hyphen.</summary>
    [GeneratedRegex("^([A-Z]{2,5})([A-Z][a-z0-9]{1,15})(?:-(.{1,40}))?$", RegexOptions.NonBacktracking)]
    private static partial Regex CatIdPattern();
}

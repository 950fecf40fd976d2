using Rewas.Clip.Faults;
using Rewas.Sound.Curves;

namespace Rewas.Library.Searching;

/// <summary>A search by words, by a picture's curve, or by both.</summary>
public sealed record SearchQuery
{
    public const int MostCharacters = 500, MostResults = 1000;

    /// <summary>The wanted sound in words, up to 500 characters. Empty for any.</summary>
    public string Words { get; init; } = "";

    /// <summary>The picture's curve that recordings should fit. Null for any.</summary>
    public EnergyCurve? Curve { get; init; }

    /// <summary>Most results, 1 to 1000. Default 20.</summary>
    public int Limit { get; init; } = 20;

    /// <exception cref="InputFault">Lists every fault.</exception>
    public void ThrowIfInvalid()
    {
        var faults = new List<InputFault>();
        if (string.IsNullOrWhiteSpace(Words) && Curve is null)
            faults.Add(InputFault.Invalid("words", "must be given, or a video"));
        if (Words.Length > MostCharacters)
            faults.Add(InputFault.Invalid("words", $"must have at most {MostCharacters} characters, but has {Words.Length}"));
        if (Limit is < 1 or > MostResults)
            faults.Add(InputFault.Invalid("limit", $"must be from 1 to {MostResults}, but is {Limit}"));
        InputFault.ThrowIfAny(faults);
    }
}

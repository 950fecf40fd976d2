using Rewas.Library.Scanning;

namespace Rewas.Library.Searching;

/// <summary>A search result.</summary>
/// <param name="Sound">The recording. Of several copies, one whose file exists.</param>
/// <param name="Score">0 to 1; comparable within one search.</param>
public sealed record FoundSound(IndexedSound Sound, double Score, SearchReason Why)
{
    public string Path => Sound.Path;

    public string Sha256 => Sound.Sha256;

    public double Seconds => Sound.Seconds;
}

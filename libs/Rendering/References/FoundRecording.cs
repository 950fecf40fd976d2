using Rewas.Library.Recordings;
using Rewas.V1;

namespace Rewas.Rendering.References;

/// <summary>The file of a caller's recording, and what its header says.</summary>
/// <param name="Path">Of a file that is read here.</param>
/// <param name="Sha256">Hash of the file.</param>
sealed record FoundRecording(ReferenceSound Asked, string Path, RecordingHeader Header, string Sha256)
{
    /// <summary>Part of the promised length, and seconds, that a decoder may add.</summary>
    const double PaddedShare = 0.1, Padding = 1;

    /// <summary>Rate of the decoded recording, Hz.</summary>
    public int SampleRate => HeaderReader.UsualRateFor(Header.SampleRate);

    /// <summary>Seconds to decode at most. Some more than are accepted, to show that a recording is too long.</summary>
    /// <param name="before">Seconds of the recordings before it.</param>
    public double Longest(ReferenceLimits limits, double before) => Padding + Math.Min(
        limits.Each.MaxDuration.TotalSeconds, Header.Seconds * (1 + PaddedShare) ?? Math.Max(0, limits.MaxTotal.TotalSeconds - before));

    /// <summary>Bytes of so many seconds, decoded to 32-bit floats.</summary>
    public long DecodedBytes(double seconds) => (long)(seconds * SampleRate) * Header.Channels * sizeof(float);
}

using Rewas.Library.Measuring;
using Rewas.Library.Recordings;
using Rewas.Library.Scanning;
using Rewas.Library.Words;

namespace Rewas.Library.Data;

/// <summary>All that is stored of a file.</summary>
/// <param name="File">Where it lies.</param>
/// <param name="Sha256">Of its bytes.</param>
/// <param name="Words">By which it is found.</param>
/// <param name="Meaning">Vector of <see cref="FileWords.Meaning"/>.</param>
/// <param name="Sound">What is in it; null where the index knows it by its hash.</param>
/// <param name="Space">Name of the space of <paramref name="Vector"/>; empty for none.</param>
/// <param name="Vector">Vector of its sound, empty for silence; null where the index has it, or there is no space.</param>
sealed record FileRow(ScannedFile File, string Sha256, FileWords Words, float[] Meaning, SoundRow? Sound, string Space, float[]? Vector);

/// <summary>What is stored of a recording's content.</summary>
sealed record SoundRow(RecordingHeader Header, double Seconds, MeasuredSound Measured);

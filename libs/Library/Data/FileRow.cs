using Rewas.Library.Measuring;
using Rewas.Library.Recordings;
using Rewas.Library.Scanning;
using Rewas.Library.Words;

namespace Rewas.Library.Data;

/// <summary>The stored data of a file.</summary>
/// <param name="Sha256">Hash of the file's bytes.</param>
/// <param name="Words">The words that find the file.</param>
/// <param name="Meaning">Vector of <see cref="FileWords.Meaning"/>.</param>
/// <param name="Sound">The content; null if the index already has this hash.</param>
/// <param name="Space">Name of the space of <paramref name="Vector"/>; empty for none.</param>
/// <param name="Vector">Vector of the sound, empty for silence. Null if the index has it, or without a space.</param>
sealed record FileRow(ScannedFile File, string Sha256, FileWords Words, float[] Meaning, SoundRow? Sound, string Space, float[]? Vector);

/// <summary>The stored content of a recording.</summary>
sealed record SoundRow(RecordingHeader Header, double Seconds, MeasuredSound Measured);

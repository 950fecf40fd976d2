
namespace Rewas.Rendering.References;

/// <summary>A caller's own recording, decoded.</summary>
/// <param name="Name">File name.</param>
/// <param name="File">Path that the caller knows; null if it came as bytes.</param>
/// <param name="Sha256">Hash of the encoded file, lower-case hexadecimal.</param>
public sealed record ReferenceRecording(string Name, string? File, string Sha256, RecordingOnDisk Samples)
{
    /// <summary>True if the library chose it.</summary>
    public bool FromLibrary { get; init; }
}

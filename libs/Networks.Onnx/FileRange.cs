namespace Rewas.Networks.Onnx;

/// <summary>A range of bytes in a file, e.g. a resource of an assembly.</summary>
/// <param name="Offset">First byte.</param>
/// <param name="Length">Number of bytes, 1 to 2^31 - 1.</param>
public readonly record struct FileRange(string Path, long Offset, int Length);

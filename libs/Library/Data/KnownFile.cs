namespace Rewas.Library.Data;

/// <summary>A file in the index.</summary>
/// <param name="Bytes">Length when it was indexed.</param>
/// <param name="Modified">Time of its last change, ticks of UTC.</param>
/// <param name="IsMissing">True if the last run did not find it.</param>
/// <param name="HasVector">True if its sound has a vector of the requested space.</param>
readonly record struct KnownFile(long Bytes, long Modified, bool IsMissing, bool HasVector);

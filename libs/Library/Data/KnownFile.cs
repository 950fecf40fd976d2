namespace Rewas.Library.Data;

/// <summary>A file as the index has it.</summary>
/// <param name="Bytes">Length when it was indexed.</param>
/// <param name="Modified">When it had been changed last, ticks of UTC.</param>
/// <param name="IsMissing">It was not there the last time.</param>
/// <param name="HasVector">Its sound has a vector of the space that is asked for.</param>
readonly record struct KnownFile(long Bytes, long Modified, bool IsMissing, bool HasVector);

using Rewas.Clip.Faults;

namespace Rewas.Jobs.Files;

/// <summary>Where the videos of jobs and their results are kept: every node of a cluster must reach the same.</summary>
public interface IJobFiles
{
    /// <summary>Keeps a copy of a file; replaces what is there. It appears whole or not at all.</summary>
    /// <param name="key">Parts of lower-case letters, digits, "." and "-", parted by "/".</param>
    /// <param name="path">The file.</param>
    /// <param name="cancellation">Ends it.</param>
    Task StoreAsync(string key, string path, CancellationToken cancellation);

    /// <summary>A file's bytes, from the first on.</summary>
    /// <exception cref="InputFault">NotFound: there is no such file.</exception>
    Task<Stream> OpenAsync(string key, CancellationToken cancellation);

    /// <summary>No fault if it is gone.</summary>
    Task DeleteAsync(string key, CancellationToken cancellation);
}

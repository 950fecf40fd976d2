namespace Rewas.Store.Settings;

/// <summary>
/// A bucket of an S3-compatible store. The AWS SDK finds the credentials: in the environment, a profile or the machine's role.
/// </summary>
public sealed record S3Options
{
    /// <summary>Name of the bucket. Default: empty, files are kept in the folder.</summary>
    public string Bucket { get; init; } = "";

    /// <summary>Address of the store. Default: empty, Amazon's address for the region.</summary>
    public string ServiceUrl { get; init; } = "";

    /// <summary>Region. Default us-east-1.</summary>
    public string Region { get; init; } = "us-east-1";

    /// <summary>Prefix of every key, such as "rewas/". Default: empty.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>True to put the bucket's name in the path. Most stores other than Amazon's need this. Default true.</summary>
    public bool PathStyle { get; init; } = true;
}

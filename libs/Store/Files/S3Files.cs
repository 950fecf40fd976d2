using System.Net;
using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Microsoft.Extensions.Options;
using Rewas.Clip.Faults;
using Rewas.Store.Settings;

namespace Rewas.Store.Files;

/// <summary>Keeps files in a bucket of an S3-compatible store, one object each.</summary>
public sealed class S3Files : IStoredFiles, IDisposable
{
    /// <summary>Largest object that a single request can store.</summary>
    public const long MostBytes = 5L << 30;

    readonly S3Options options;
    readonly AmazonS3Client client;

    public S3Files(IOptions<StoreOptions> configured)
    {
        options = configured.Value.S3;
        var settings = new AmazonS3Config
        {
            ForcePathStyle = options.PathStyle,
            // Not all compatible stores support the newer checksums.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        if (options.ServiceUrl.Length > 0)
            (settings.ServiceURL, settings.AuthenticationRegion) = (options.ServiceUrl, options.Region);
        else
            settings.RegionEndpoint = RegionEndpoint.GetBySystemName(options.Region);
        client = new(settings);
    }

    public Task StoreAsync(string key, string path, CancellationToken cancellation) =>
        // One request, signed as a whole: not all compatible stores support Amazon's chunked signing.
        client.PutObjectAsync(
            new PutObjectRequest { BucketName = options.Bucket, Key = options.Prefix + key, FilePath = path, UseChunkEncoding = false },
            cancellation);

    public async Task<Stream> OpenAsync(string key, CancellationToken cancellation)
    {
        try
        {
            var response =
                await client.GetObjectAsync(new GetObjectRequest { BucketName = options.Bucket, Key = options.Prefix + key }, cancellation);
            return response.ResponseStream;
        }
        catch (AmazonS3Exception failure) when (failure.StatusCode == HttpStatusCode.NotFound)
        {
            throw InputFault.NotFound("file", $"'{key}' is not in the store any more", failure);
        }
    }

    public Task DeleteAsync(string key, CancellationToken cancellation) =>
        client.DeleteObjectAsync(new DeleteObjectRequest { BucketName = options.Bucket, Key = options.Prefix + key }, cancellation);

    public void Dispose() => client.Dispose();
}

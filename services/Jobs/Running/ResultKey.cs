using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Rewas.V1;

namespace Rewas.Jobs.Running;

/// <summary>The name of a result: a hash of all that it depends on.</summary>
static class ResultKey
{
    /// <param name="videoSha256">Of the video's bytes.</param>
    /// <param name="request">What is wanted. Where the video comes from, names and priority do not count.</param>
    /// <param name="stage">What makes it: bundle and version.</param>
    public static string Of(string videoSha256, JobItem request, DescribeResponse stage)
    {
        var wanted = request.Clone();
        wanted.ClearVideo();
        wanted.Name = "";
        wanted.Format = ItemMaker.FormatOf(request);
        (wanted.Options.Priority, wanted.Options.Frames) = (Priority.Batch, 0);
        return Convert.ToHexStringLower(
            SHA256.HashData([.. Encoding.UTF8.GetBytes($"{videoSha256} {stage.BundleSha256} {stage.Version} "), .. wanted.ToByteArray()]));
    }
}

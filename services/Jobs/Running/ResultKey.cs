using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Rewas.V1;

namespace Rewas.Jobs.Running;

/// <summary>The key of a result: a hash of all of its inputs.</summary>
static class ResultKey
{
    /// <param name="videoSha256">Hash of the video's bytes.</param>
    /// <param name="request">The order. The video's origin, the names and the priority are not part of the hash.</param>
    /// <param name="stage">Bundle and version of the stages.</param>
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

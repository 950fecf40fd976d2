using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Rewas.V1;

namespace Rewas.Jobs.Running;

/// <summary>
/// The key of a result: a hash of its caller and of all inputs. A caller finds only its own results, because a result that is found says
/// that somebody has made the same before.
/// </summary>
static class ResultKey
{
    /// <param name="caller">Owner of the job; empty if callers are not told apart.</param>
    /// <param name="videoSha256">Hash of the video's bytes.</param>
    /// <param name="request">The order. The video's origin, the names and the priority are not part of the hash.</param>
    /// <param name="stage">Bundle and version of the stages.</param>
    public static string Of(string caller, string videoSha256, JobItem request, DescribeResponse stage)
    {
        var wanted = request.Clone();
        // A black video of the caller is looked at; one that stands for no picture is not.
        if (wanted.VideoCase != JobItem.VideoOneofCase.BlankSeconds)
            wanted.ClearVideo();
        wanted.Name = "";
        wanted.Format = ItemMaker.FormatOf(request);
        (wanted.Options.Priority, wanted.Options.Frames) = (Priority.Batch, 0);
        var owner = caller.Length > 0 ? $"{caller}\n" : "";
        return Convert.ToHexStringLower(SHA256.HashData(
            [.. Encoding.UTF8.GetBytes($"{owner}{videoSha256} {stage.BundleSha256} {stage.Version} "), .. wanted.ToByteArray()]));
    }
}

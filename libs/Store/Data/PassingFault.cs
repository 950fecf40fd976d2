using System.Data.Common;
using Amazon.Runtime;
using Rewas.Clip.Faults;

namespace Rewas.Store.Data;

/// <summary>
/// Failures that another attempt, here later or at another replica, may not meet: of this machine, of the database, and of the store of
/// files. What is wrong with a request stays wrong, and a bug stays a bug.
/// </summary>
public static class PassingFault
{
    public static bool Is(Exception failure) => failure switch
    {
        InputFault fault => fault.IsOfMachine,
        DbException database => StoreDatabase.MayPass(database),
        IOException or HttpRequestException or AmazonServiceException or AmazonClientException => true,
        _ => false,
    };

    /// <summary>One line that says what failed.</summary>
    public static string Reason(Exception failure) =>
        failure is InputFault ? failure.Message : $"{failure.GetType().Name}: {failure.Message.ReplaceLineEndings(" ")}";
}

using System.Globalization;

namespace BsdVm.Posix;

/// <summary>The names of error numbers, those too that no call of the model means: Linux takes addresses near 2^64 for errors.</summary>
public static class ErrnoNames
{
    // In order from 1; a dash where there is none. Source: Linux errno-base.h, errno.h.
    private const string InOrder =
        "EPERM ENOENT ESRCH EINTR EIO ENXIO E2BIG ENOEXEC EBADF ECHILD EAGAIN ENOMEM EACCES EFAULT ENOTBLK EBUSY EEXIST "
        + "EXDEV ENODEV ENOTDIR EISDIR EINVAL ENFILE EMFILE ENOTTY ETXTBSY EFBIG ENOSPC ESPIPE EROFS EMLINK EPIPE EDOM "
        + "ERANGE EDEADLK ENAMETOOLONG ENOLCK ENOSYS ENOTEMPTY ELOOP - ENOMSG EIDRM ECHRNG EL2NSYNC EL3HLT EL3RST ELNRNG "
        + "EUNATCH ENOCSI EL2HLT EBADE EBADR EXFULL ENOANO EBADRQC EBADSLT - EBFONT ENOSTR ENODATA ETIME ENOSR ENONET "
        + "ENOPKG EREMOTE ENOLINK EADV ESRMNT ECOMM EPROTO EMULTIHOP EDOTDOT EBADMSG EOVERFLOW ENOTUNIQ EBADFD EREMCHG "
        + "ELIBACC ELIBBAD ELIBSCN ELIBMAX ELIBEXEC EILSEQ ERESTART ESTRPIPE EUSERS ENOTSOCK EDESTADDRREQ EMSGSIZE "
        + "EPROTOTYPE ENOPROTOOPT EPROTONOSUPPORT ESOCKTNOSUPPORT EOPNOTSUPP EPFNOSUPPORT EAFNOSUPPORT EADDRINUSE "
        + "EADDRNOTAVAIL ENETDOWN ENETUNREACH ENETRESET ECONNABORTED ECONNRESET ENOBUFS EISCONN ENOTCONN ESHUTDOWN "
        + "ETOOMANYREFS ETIMEDOUT ECONNREFUSED EHOSTDOWN EHOSTUNREACH EALREADY EINPROGRESS ESTALE EUCLEAN ENOTNAM ENAVAIL "
        + "EISNAM EREMOTEIO EDQUOT ENOMEDIUM EMEDIUMTYPE ECANCELED ENOKEY EKEYEXPIRED EKEYREVOKED EKEYREJECTED EOWNERDEAD "
        + "ENOTRECOVERABLE ERFKILL EHWPOISON";

    private static readonly string[] Names = InOrder.Split(' ');

    /// <summary>The name in errno.h, or <c>E</c> and the number where it has none there.</summary>
    public static string NameOf(Errno error)
    {
        int number = (int)error;
        return number > 0 && number <= Names.Length && Names[number - 1] != "-"
            ? Names[number - 1]
            : "E" + number.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Whether <paramref name="word"/> is a name that <see cref="NameOf"/> gives.</summary>
    public static bool IsName(string word)
    {
        ArgumentNullException.ThrowIfNull(word);
        return (word != "-" && Array.IndexOf(Names, word) >= 0) || (word.Length > 1 && word[0] == 'E'
            && int.TryParse(word.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is > 0 and < 4096);
    }
}
